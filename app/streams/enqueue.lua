-- Stores a job, makes it due and wakes the workers, unless a job of this id is waiting or running.
-- KEYS: payload, queue, jobs to run again, owners
-- ARGV: job id, payload, delay (ms), wake channel, '1' to have a job that is there run once more,
--       whose job it is ('' for nobody's)
-- Returns 1, or 0 when the job was there already. (Half of a job, left by hand or by expiry, is none.)
if redis.call('ZSCORE', KEYS[2], ARGV[1]) and redis.call('EXISTS', KEYS[1]) == 1 then
    if ARGV[5] == '1' then
        redis.call('SADD', KEYS[3], ARGV[1])
    end
    return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
redis.call('SET', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
if ARGV[6] ~= '' then
    redis.call('HSET', KEYS[4], ARGV[1], ARGV[6])
end
redis.call('PUBLISH', ARGV[4], '')
return 1
