-- One write of a trip: every check, then the fields, their versions, the event, the answer and the live copy.
--
-- KEYS  1 meta  2 log  3 live channel  4 record  5 roles  6 values  7 versions  8 order  9 answer
--       10 history  11 the conflict that it settles, if it does: one that must be open
-- ARGV  1 id of the trip  2 user  3 fingerprint of the request  4 'create' or 'write'
--       5 the trip's version that must still be, or ''  6 frame up to its changes' end  7 end of the frame
--       8 epoch candidate  9 events kept  10 life of the log, ms  11 life of the answer, ms
--       12 time, s  13 most items  14 most bytes of values
--       15 who owns a trip that is made, and otherwise may write as well
--       16 writes that the history keeps
--       17 the version whose write it takes back, or ''
--       18 number of checks, then for each: field, version that must still be
--       then for each write: field, 'set' or 'drop', value, position, JSON of the name if a stop
-- Returns {status, version, epoch}; with 'answered' the version is fingerprint and stored answer.
--
-- Every check comes before the first write, because Redis does not roll a failed script back.

local meta, log, live, record, roles = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local data, versions, order, answer = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local conflict = KEYS[11]
local id, user, fingerprint, creating = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == 'create'
local most_items, most_bytes, on_behalf_of = tonumber(ARGV[13]), tonumber(ARGV[14]), ARGV[15]

local answered = redis.call('GET', answer)
if answered then
  return { 'answered', answered, '' }
end
local version, deleted = unpack(redis.call('HMGET', record, 'version', 'deleted'))
if deleted then
  return { 'gone', '0', '' }
end
if creating then
  if version then
    return { 'taken', '0', '' }
  end
else
  local refusal = may(roles, user, 'write') or may(roles, on_behalf_of, 'write')
  if refusal then
    return { refusal, '0', '' }
  end
end
if conflict and redis.call('HGET', conflict, 'state') ~= 'open' then
  return { 'over', '0', '' }
end
if ARGV[5] ~= '' and version ~= ARGV[5] then
  return { 'moved', version or '0', '' }
end

local last_check = 18 + 2 * tonumber(ARGV[18])
for at = 19, last_check, 2 do
  if (redis.call('HGET', versions, ARGV[at]) or '0') ~= ARGV[at + 1] then
    return { 'moved', version, '' }
  end
end

-- The trip as it will be, before anything of it is stored.
local values = pairs_of(redis.call('HGETALL', data))
local stops_moved = creating
local writes, named = {}, {}
for at = last_check + 1, #ARGV, 5 do
  local field, how, value, position, name = unpack(ARGV, at, at + 4)
  values[field] = how == 'set' and value or nil
  writes[#writes + 1] = { field = field, set = how == 'set', value = value, position = position, name = name }
  named[#named + 1] = '"' .. field .. '"'
  local stop = string.match(field, '^stops/(.*)$')
  if stop then
    stops_moved = true
    values['destinations/' .. stop] = how == 'set' and name or nil
  end
end
local items, bytes = 0, 0
for field, value in pairs(values) do
  if string.sub(field, 1, 13) ~= 'destinations/' then
    items = items + (string.find(field, '/', 1, true) and 1 or 0)
    bytes = bytes + #value
  end
end
if items > most_items or bytes > most_bytes then
  return { 'too_large', '0', '' }
end

local seq, epoch = next_place(meta, log, record, ARGV[8])
for _, write in ipairs(writes) do
  local stop = string.match(write.field, '^stops/(.*)$')
  if write.set then
    redis.call('HSET', data, write.field, write.value)
    redis.call('HSET', versions, write.field, seq)
    if write.position ~= '' then
      redis.call('ZADD', order, write.position, write.field)
    end
    if stop then
      redis.call('HSET', data, 'destinations/' .. stop, write.name)
    end
  else
    redis.call('HDEL', data, write.field)
    redis.call('HDEL', versions, write.field)
    redis.call('ZREM', order, write.field)
    if stop then
      redis.call('HDEL', data, 'destinations/' .. stop)
    end
  end
end
if stops_moved then
  redis.call('HSET', versions, 'destinations', seq)
end
redis.call('HSET', record, 'version', seq, 'updated_at', ARGV[12], 'updated_by', user)
if creating then
  redis.call('HSET', record, 'owner', on_behalf_of, 'created_at', ARGV[12])
  redis.call('HSET', roles, user, 'write')
  redis.call('HSET', roles, on_behalf_of, 'owner')
end
local text = whole(id, values, redis.call('ZRANGE', order, 0, -1))
local numbers = ',"version":' .. seq .. ',"field_versions":' .. versions_json(redis.call('HGETALL', versions))
local frame = ARGV[6] .. ',"full_trip_data":' .. text .. '}' .. numbers .. ARGV[7] .. seq .. '}'
local written = '{"version":' .. seq .. ',"written":[' .. table.concat(named, ',') .. ']'
  .. (creating and ',"trip":' .. text .. numbers .. '}' or '') .. '}'
redis.call('SET', answer, fingerprint .. ' ' .. written, 'PX', ARGV[11])
if conflict then
  redis.call('HSET', conflict, 'state', 'settled')
end
-- The same without the trip, and with the write before: the history can be seen to have no hole.
local past = ARGV[6] .. ',"version":' .. seq .. ',"previous":' .. (version or '0')
  .. (ARGV[17] ~= '' and ',"undoes":' .. ARGV[17] or '') .. ARGV[7] .. seq .. '}'
redis.call('XADD', KEYS[10], 'MAXLEN', '~', ARGV[16], seq .. '-0', 'write', past)
append(log, live, seq, epoch, frame, ARGV[9], ARGV[10])
return { 'written', written, epoch }
