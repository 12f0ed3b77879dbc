-- A connection comes to a trip. The person's first one is told of.
--
-- KEYS  1 meta  2 log  3 live  4 record  5 roles  6 here  7 tabs  8 presence channel
-- ARGV  1 connection  2 user  3 JSON of the connection  4 frame of the join up to its seq  5 epoch candidate
--       6 events kept  7 life of the log, ms  8 life of a connection, ms
-- Returns 'entered', or 'not_found' where the user has no part in the trip.

local here, tabs = KEYS[6], KEYS[7]
if not redis.call('HGET', KEYS[5], ARGV[2]) then
  return 'not_found'
end
local known = is_here(here, tabs, ARGV[2])
redis.call('ZADD', here, whole_number(now_ms() + ARGV[8]), ARGV[1])
redis.call('HSET', tabs, ARGV[1], ARGV[3])
if not known then
  local seq, epoch = next_place(KEYS[1], KEYS[2], KEYS[4], ARGV[5])
  append(KEYS[2], KEYS[3], seq, epoch, ARGV[4] .. seq .. '}', ARGV[6], ARGV[7])
end
redis.call('SPUBLISH', KEYS[8], '-')
return 'entered'
