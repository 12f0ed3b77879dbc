-- Take up an attempt: the next fencing token of a scope.
--
-- KEYS  1 fence
-- ARGV  1 life of the key, ms  2 the token of a closed scope
-- Returns the token; that of a closed scope when nothing more may be written under it.

local highest = redis.call('GET', KEYS[1]) or '0'
if highest == ARGV[2] then
  return highest
end
local token = string.format('%.0f', tonumber(highest) + 1)
redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
return token
