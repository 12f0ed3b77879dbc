-- End a conflict that nobody settled: what stands stays. Again for one that has lapsed: the same answer.
--
-- KEYS  1 conflict
-- Returns its JSON, or '' where it was settled or is not there.

local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'open' and state ~= 'lapsed' then
  return ''
end
redis.call('HSET', KEYS[1], 'state', 'lapsed')
return redis.call('HGET', KEYS[1], 'json')
