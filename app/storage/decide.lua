-- Keep what a person decided about a call, unless somebody decided before or the call is over.
--
-- KEYS  1 decisions  2 outcomes  3 parked
-- ARGV  1 field of the decision  2 decision  3 key of the call  4 life of decisions, ms
-- Returns {'kept'}, {'over'} or {'decided', the decision that stands}.

local before = redis.call('HGET', KEYS[1], ARGV[1])
if before then
  return {'decided', before}
end
if redis.call('HEXISTS', KEYS[2], ARGV[3]) == 1 then
  return {'over'}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('DEL', KEYS[3])
return {'kept'}
