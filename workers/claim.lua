-- Leases due jobs to the worker that asks: longest due first, and in turns between owners when not all fit.
-- KEYS: queue, leases, owners
-- ARGV: how many at most, lease (ms), prefixes of the payload, in-progress and retry keys, and of when an owner
--       was served last, how many due jobs are looked at
-- Returns {ms until the next job is due (-1: none), {ids without payload}, {id, payload, token, try, due (ms)} ...}.
-- The fencing token is the time of the claim in microseconds: it grows even when a job's id is used again,
-- and when a server that crashed has forgotten an earlier claim.
local payload_of, in_progress_of, retry_of, served_of = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local SERVED_MS = 3600000 -- how long an owner who was served stays behind those who were not
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local now = now_us / 1000
local lost = {}
local answer = {-1, lost}

-- Orders jobs by how many of their owner's run or stand before them, then by when the owner was served last.
-- Jobs without an owner are each their own.
local function in_turns(jobs)
    local ahead, served = {}, {}
    for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
        local owner = redis.call('HGET', KEYS[3], id)
        local due_again = redis.call('ZSCORE', KEYS[1], id)
        if owner and due_again and tonumber(due_again) > now then
            ahead[owner] = (ahead[owner] or 0) + 1
        end
    end
    for place, job in ipairs(jobs) do
        local owner = redis.call('HGET', KEYS[3], job.id)
        job.place, job.ahead, job.served = place, 0, 0
        if owner then
            served[owner] = served[owner] or tonumber(redis.call('GET', served_of .. owner) or 0)
            job.ahead, job.served = ahead[owner] or 0, served[owner]
            ahead[owner] = job.ahead + 1
        end
    end
    table.sort(jobs, function(a, b)
        if a.ahead ~= b.ahead then return a.ahead < b.ahead end
        if a.served ~= b.served then return a.served < b.served end
        return a.place < b.place
    end)
end

local room = tonumber(ARGV[1])
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, room + 1)
local jobs = {}
if #due / 2 > room then
    due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, math.max(room, ARGV[7]))
end
for i = 1, #due, 2 do
    jobs[#jobs + 1] = {id = due[i], due = due[i + 1]}
end
local scarce = #jobs > room
if scarce and redis.call('EXISTS', KEYS[3]) == 1 then
    in_turns(jobs)
end
for i = 1, math.min(room, #jobs) do
    local id = jobs[i].id
    local payload = redis.call('GET', payload_of .. id)
    if payload then
        local earlier = redis.call('HGET', KEYS[2], id) or 0
        local token = string.format('%.0f', math.max(now_us, earlier + 1))
        redis.call('HSET', KEYS[2], id, token)
        redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], id)
        redis.call('SET', in_progress_of .. id, token, 'PX', ARGV[2])
        redis.call('PERSIST', payload_of .. id)
        local owner = redis.call('HGET', KEYS[3], id)
        if owner then
            redis.call('SET', served_of .. owner, string.format('%.0f', now_us), 'PX', SERVED_MS)
        end
        answer[#answer + 1] = {id, payload, token, redis.call('INCR', retry_of .. id), jobs[i].due}
    else
        redis.call('ZREM', KEYS[1], id)
        redis.call('HDEL', KEYS[2], id)
        redis.call('HDEL', KEYS[3], id)
        redis.call('DEL', in_progress_of .. id, retry_of .. id)
        lost[#lost + 1] = id
    end
end
local next_due = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if next_due then
    answer[1] = math.max(0, math.ceil(next_due - now))
end
return answer
