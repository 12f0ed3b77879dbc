-- Leases due jobs to the worker that asks.
-- KEYS: queue, leases
-- ARGV: how many at most, lease (ms), prefix of payload keys, of in-progress keys, of retry keys
-- Returns {milliseconds until the next job is due (-1: none), {id, payload or nil, token, try, due (ms)} ...}.
-- The fencing token is the time of the claim in microseconds, so it grows even when an id is used again
-- or when a crashed server has forgotten an earlier claim.
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now = now_us / 1000
local answer = {-1}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
for i = 1, #due, 2 do
    local id = due[i]
    local payload = redis.call('GET', ARGV[3] .. id)
    if payload then
        local earlier = redis.call('HGET', KEYS[2], id)
        local token = string.format('%.0f', math.max(now_us, (earlier or 0) + 1))
        redis.call('HSET', KEYS[2], id, token)
        redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], id)
        redis.call('SET', ARGV[4] .. id, token, 'PX', ARGV[2])
        redis.call('PERSIST', ARGV[3] .. id)
        answer[#answer + 1] = {id, payload, token, redis.call('INCR', ARGV[5] .. id), due[i + 1]}
    else
        redis.call('ZREM', KEYS[1], id)
        redis.call('HDEL', KEYS[2], id)
        redis.call('DEL', ARGV[4] .. id, ARGV[5] .. id)
        answer[#answer + 1] = {id, false, '0', 0, due[i + 1]}
    end
end
local next_due = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if next_due then
    answer[1] = math.max(0, math.ceil(next_due - now))
end
return answer
