-- Leases due jobs to the worker that asks, longest due first.
-- KEYS: queue, leases
-- ARGV: how many at most, lease (ms), prefixes of the payload, in-progress and retry keys
-- Returns {ms until the next job is due (-1: none), {ids without payload}, {id, payload, token, try, due (ms)} ...}.
-- The fencing token is the time of the claim in microseconds: it grows even when a job's id is used again,
-- and when a server that crashed has forgotten an earlier claim.
local payload_of, in_progress_of, retry_of = ARGV[3], ARGV[4], ARGV[5]
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now = now_us / 1000
local lost = {}
local answer = {-1, lost}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
for i = 1, #due, 2 do
    local id = due[i]
    local payload = redis.call('GET', payload_of .. id)
    if payload then
        local earlier = redis.call('HGET', KEYS[2], id) or 0
        local token = string.format('%.0f', math.max(now_us, earlier + 1))
        redis.call('HSET', KEYS[2], id, token)
        redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], id)
        redis.call('SET', in_progress_of .. id, token, 'PX', ARGV[2])
        redis.call('PERSIST', payload_of .. id)
        answer[#answer + 1] = {id, payload, token, redis.call('INCR', retry_of .. id), due[i + 1]}
    else
        redis.call('ZREM', KEYS[1], id)
        redis.call('HDEL', KEYS[2], id)
        redis.call('DEL', in_progress_of .. id, retry_of .. id)
        lost[#lost + 1] = id
    end
end
local next_due = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if next_due then
    answer[1] = math.max(0, math.ceil(next_due - now))
end
return answer
