-- Ends attempts that are still the caller's: for good, or to be run again.
-- KEYS: queue, leases
-- ARGV: wake channel, prefix of payload keys, of in-progress keys, of retry keys, of result keys, then of
--       each attempt: job id, fencing token, outcome, delay (ms), result ('' for none), its life (ms, 0 for ever)
--       Outcome: done; again (this try counts); handback (it does not).
-- Returns the ids of attempts that had been superseded.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local superseded = {}
local wake = false
for i = 6, #ARGV, 6 do
    local id, token, outcome, delay, result, life = unpack(ARGV, i, i + 5)
    if redis.call('HGET', KEYS[2], id) ~= token then
        superseded[#superseded + 1] = id
    else
        redis.call('HDEL', KEYS[2], id)
        redis.call('DEL', ARGV[3] .. id)
        if outcome == 'done' then
            redis.call('ZREM', KEYS[1], id)
            redis.call('DEL', ARGV[2] .. id, ARGV[4] .. id)
            if result ~= '' then
                redis.call('SET', ARGV[5] .. id, result)
                if life ~= '0' then
                    redis.call('PEXPIRE', ARGV[5] .. id, life)
                end
            end
        else
            redis.call('ZADD', KEYS[1], 'XX', now + delay, id)
            if outcome == 'handback' then
                redis.call('DECR', ARGV[4] .. id)
            end
            wake = true
        end
    end
end
if wake then
    redis.call('PUBLISH', ARGV[1], '')
end
return superseded
