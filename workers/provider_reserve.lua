-- Take a call's place in a provider's allowance: the rule of tools/providers/allowance.py, on the server's clock.
--
-- KEYS  1 when the bucket is full again, s since the epoch
-- ARGV  1 seconds in which one call's worth comes back  2 calls at once  3 patience, s
-- Returns the seconds until the call may be made; more than the patience: no place was taken.

local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local interval = tonumber(ARGV[1])
local filled = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = math.max(0, filled - (tonumber(ARGV[2]) - 1) * interval - now)
if wait <= tonumber(ARGV[3]) then
  filled = filled + interval
  redis.call('SET', KEYS[1], string.format('%.6f', filled), 'EX', math.ceil(filled - now) + 1)
end
return string.format('%.6f', wait)
