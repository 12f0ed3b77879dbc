-- Change a provider's breaker if it is still what it was.
--
-- KEYS  1 breakers, by provider
-- ARGV  1 provider  2 as it was (empty: none)  3 as it shall be (equal to the second to only read)
-- Returns 1 when it was so, else 0; the breaker as it is now; the time, s since the epoch.

local found = redis.call('HGET', KEYS[1], ARGV[1]) or ''
local time = redis.call('TIME')
local now = time[1] .. '.' .. string.format('%06d', tonumber(time[2]))
if found ~= ARGV[2] then
  return {0, found, now}
end
if ARGV[3] ~= found then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return {1, ARGV[3], now}
