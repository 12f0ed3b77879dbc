-- Take conflicts whose time is over, for a while: whoever dies with them leaves them to another gateway.
--
-- KEYS  1 conflicts by when they are due, ms of this server's clock
-- ARGV  1 for how long, ms  2 the most to take
-- Returns {conflicts, ms until more are due or -1}.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[2])
for _, conflict in ipairs(due) do
  redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[1]), conflict)
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { due, first[2] and math.max(0, tonumber(first[2]) - now) or -1 }
