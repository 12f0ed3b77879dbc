-- Let nobody call a provider for a while: the rule of tools/providers/allowance.py, on the server's clock.
--
-- KEYS  1 when the bucket is full again, s since the epoch
-- ARGV  1 seconds in which one call's worth comes back  2 calls at once  3 seconds to be left alone

local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local emptied = now + tonumber(ARGV[3]) + (tonumber(ARGV[2]) - 1) * tonumber(ARGV[1])
local filled = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), emptied)
redis.call('SET', KEYS[1], string.format('%.6f', filled), 'EX', math.ceil(filled - now) + 1)
