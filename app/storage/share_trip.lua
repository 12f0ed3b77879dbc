-- Give, change or take away what people may do, in one step with the events that say so; or delete the trip.
--
-- KEYS  1 meta  2 log  3 live channel  4 record  5 roles  6... keys that go with a deleted trip
-- ARGV  1 user  2 role that the user must have  3 'share' or 'delete'  4 epoch candidate  5 events kept
--       6 life of the log, ms  7 most people
--       then for each: user, role that must still be or '', new role or '', event up to its seq
-- Returns {status}. A deleted trip keeps its roles, so that those who could open it learn that it is gone.

local meta, log, live, record, roles = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local known = pairs_of(redis.call('HGETALL', record))
if not known.version and not known.deleted then
  return { 'not_found' }
end
local refusal = may(roles, ARGV[1], ARGV[2])
if refusal == 'not_found' then
  return { refusal }
end
if known.deleted then
  return { 'gone' }
end
if refusal then
  return { refusal }
end
local deleting, people = ARGV[3] == 'delete', redis.call('HLEN', roles)
for at = 8, #ARGV, 4 do
  if (redis.call('HGET', roles, ARGV[at]) or '') ~= ARGV[at + 1] then
    return { 'moved' }
  end
  people = people + (ARGV[at + 1] == '' and 1 or 0)
end
if deleting and (#ARGV - 7) / 4 ~= people then
  return { 'moved' }
end
if not deleting and people > tonumber(ARGV[7]) then
  return { 'full' }
end

for at = 8, #ARGV, 4 do
  local seq, epoch = next_place(meta, log, record, ARGV[4])
  if not deleting then
    if ARGV[at + 2] == '' then
      redis.call('HDEL', roles, ARGV[at])
    else
      redis.call('HSET', roles, ARGV[at], ARGV[at + 2])
    end
  end
  append(log, live, seq, epoch, ARGV[at + 3] .. seq .. '}', ARGV[5], ARGV[6])
end
if deleting then
  redis.call('HSET', record, 'deleted', '1')
  for at = 6, #KEYS do
    redis.call('DEL', KEYS[at])
  end
end
return { 'done' }
