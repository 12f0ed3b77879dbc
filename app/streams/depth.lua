-- Counts a queue. A running job is scored with the end of its lease, a waiting one with when it is due.
-- KEYS: queue, leases
-- Returns {due, leased, milliseconds that the oldest due job has waited}.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local running = 0
for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
    local lease_end = redis.call('ZSCORE', KEYS[1], id)
    if lease_end and tonumber(lease_end) > now then
        running = running + 1
    end
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
local age = oldest and math.max(0, now - oldest) or 0
return {redis.call('ZCOUNT', KEYS[1], '-inf', now), running, age}
