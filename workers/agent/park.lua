-- Let a turn wait for people without a worker, unless it has something to do.
--
-- KEYS  1 fence of the turn  2 parked  3 order to stop  4 decisions
-- ARGV  1 fencing token  2 how many decisions are known  3 life of the mark, ms
-- Returns 1, 0 when there is something to do, -1 when a later attempt has begun.

local highest = redis.call('GET', KEYS[1])
if highest and tonumber(ARGV[1]) < tonumber(highest) then
  return -1
end
if redis.call('EXISTS', KEYS[3]) == 1 or redis.call('HLEN', KEYS[4]) ~= tonumber(ARGV[2]) then
  return 0
end
redis.call('SET', KEYS[2], '1', 'PX', ARGV[3])
return 1
