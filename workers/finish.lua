-- Ends attempts that are still the caller's: for good, or to be run again.
-- KEYS: queue, leases, jobs to run again, owners
-- ARGV: wake channel; prefixes of the payload, in-progress, retry and result keys; then of each attempt
--       job id, fencing token, outcome, delay (ms), result ('' for none), how long it is kept (ms)
--       Outcome: 'done', 'again' (the try counts) or 'hand back' (it does not).
-- Returns the places (from 0) of attempts that had been superseded; nothing was changed for them.
local channel, payload_of, in_progress_of, retry_of, result_of = unpack(ARGV, 1, 5)
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local superseded = {}
local wake = false
for i = 6, #ARGV, 6 do
    local id, token, outcome, delay, result, keep = unpack(ARGV, i, i + 5)
    if redis.call('HGET', KEYS[2], id) ~= token then
        superseded[#superseded + 1] = (i - 6) / 6
    else
        redis.call('HDEL', KEYS[2], id)
        if outcome == 'done' and redis.call('SREM', KEYS[3], id) == 1 then
            redis.call('ZADD', KEYS[1], 'XX', now, id)
            redis.call('DEL', in_progress_of .. id, retry_of .. id)
            wake = true
        elseif outcome == 'done' then
            redis.call('ZREM', KEYS[1], id)
            redis.call('HDEL', KEYS[4], id)
            redis.call('DEL', payload_of .. id, in_progress_of .. id, retry_of .. id)
            if result ~= '' then
                redis.call('SET', result_of .. id, result, 'PX', keep)
            end
        else
            redis.call('ZADD', KEYS[1], 'XX', now + delay, id)
            redis.call('DEL', in_progress_of .. id)
            if outcome == 'hand back' then
                redis.call('DECR', retry_of .. id)
            end
            wake = true
        end
    end
end
if wake then
    redis.call('PUBLISH', channel, '')
end
return superseded
