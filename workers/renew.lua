-- Starts leases anew that are still the caller's.
-- KEYS: queue, leases
-- ARGV: lease (ms), prefix of the in-progress keys, then job id and fencing token of each lease
-- Returns the places (from 0) of those that are not.
local time = redis.call('TIME')
local lease_end = time[1] * 1000 + time[2] / 1000 + ARGV[1]
local superseded = {}
for i = 3, #ARGV, 2 do
    local id, token = ARGV[i], ARGV[i + 1]
    if redis.call('HGET', KEYS[2], id) == token then
        redis.call('ZADD', KEYS[1], 'XX', lease_end, id)
        redis.call('SET', ARGV[2] .. id, token, 'PX', ARGV[1])
    else
        superseded[#superseded + 1] = (i - 3) / 2
    end
end
return superseded
