-- One write of a trip: every check, then the fields, their versions, the event, the answer and the live copy.
--
-- KEYS  1 meta  2 log  3 live channel  4 record  5 roles  6 values  7 versions  8 joined  9 answer  10 history
--       11 order of the stops  12 of the days  13 of the activities  14 of the custom fields
--       15 the conflict that it settles, if it does: one that must be open
-- ARGV  1 id of the trip  2 user  3 fingerprint of the request  4 'create' or 'write'
--       5 the epoch of the versions that must still be  6 the trip's version that must still be, or ''
--       7 frame up to its changes' end  8 end of the frame  9 epoch candidate  10 events kept
--       11 life of the log, ms  12 life of the answer, ms  13 time, s  14 most items  15 most bytes of values
--       16 who owns a trip that is made, and otherwise may write as well
--       17 writes that the history keeps
--       18 the version whose write it takes back, or ''
--       19 number of checks, then for each: field, version that must still be
--       then for each write: field, 'set' or 'drop', value, position, JSON of the name if a stop
-- Returns {status, answer, version before, version}; with 'answered' the answer is fingerprint and stored answer.
--
-- Every check comes before the first write, because Redis does not roll a failed script back.

local meta, log, live, record, roles = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local data, versions, joined, answer = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local orders = { stops = KEYS[11], days = KEYS[12], activities = KEYS[13], custom = KEYS[14] }
local conflict = KEYS[15]
local id, user, fingerprint, creating = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == 'create'
local most_items, most_bytes, on_behalf_of = tonumber(ARGV[14]), tonumber(ARGV[15]), ARGV[16]

local answered = redis.call('GET', answer)
if answered then
  return { 'answered', answered, '0', '0' }
end
local version, deleted, items, bytes = unpack(redis.call('HMGET', record, 'version', 'deleted', 'items', 'bytes'))
if deleted then
  return { 'gone', '0', '0', '0' }
end
if creating then
  if version then
    return { 'taken', '0', '0', '0' }
  end
else
  local refusal = may(roles, user, 'write') or may(roles, on_behalf_of, 'write')
  if refusal then
    return { refusal, '0', '0', '0' }
  end
end
if conflict and redis.call('HGET', conflict, 'state') ~= 'open' then
  return { 'over', '0', '0', '0' }
end
if not creating and redis.call('HGET', meta, 'epoch') ~= ARGV[5] or ARGV[6] ~= '' and version ~= ARGV[6] then
  return { 'moved', version or '0', '0', '0' }
end

local last_check = 19 + 2 * tonumber(ARGV[19])
for at = 20, last_check, 2 do
  if (redis.call('HGET', versions, ARGV[at]) or '0') ~= ARGV[at + 1] then
    return { 'moved', version, '0', '0' }
  end
end

-- What the trip will come to, before anything of it is stored.
items, bytes = tonumber(items or '0'), tonumber(bytes or '0')
local writes, named, changed = {}, {}, {}
for at = last_check + 1, #ARGV, 5 do
  local field, how, value, position, name = unpack(ARGV, at, at + 4)
  local collection, standing = collection_of(field), redis.call('HSTRLEN', data, field)
  if collection ~= 'plain' then
    items = items + (how == 'set' and 1 or 0) - (standing > 0 and 1 or 0)
  end
  bytes = bytes + #value - standing
  changed[collection] = true
  writes[#writes + 1] =
    { field = field, set = how == 'set', value = value, position = position, name = name, order = orders[collection] }
  named[#named + 1] = '"' .. field .. '"'
end
if items > most_items or bytes > most_bytes then
  return { 'too_large', '0', '0', '0' }
end

local seq, epoch = next_place(meta, log, record, ARGV[9])
for _, write in ipairs(writes) do
  local stop = string.match(write.field, '^stops/(.*)$')
  if write.set then
    redis.call('HSET', data, write.field, write.value)
    redis.call('HSET', versions, write.field, seq)
    if write.order then
      redis.call('ZADD', write.order, write.position, write.field)
    end
    if stop then
      redis.call('HSET', data, 'destinations/' .. stop, write.name)
    end
  else
    redis.call('HDEL', data, write.field)
    redis.call('HDEL', versions, write.field)
    redis.call('ZREM', write.order, write.field)
    if stop then
      redis.call('HDEL', data, 'destinations/' .. stop)
    end
  end
end
if creating or changed.stops then
  redis.call('HSET', versions, 'destinations', seq)
end
for _, collection in ipairs(COLLECTIONS) do
  if creating or changed[collection] then
    local text, numbers
    if collection == 'plain' then
      text, numbers = join_plain(data, versions)
    else
      text, numbers = join_items(collection, data, versions, orders[collection])
    end
    redis.call('HSET', joined, collection, text, collection .. ' versions', numbers)
  end
end
redis.call('HSET', record, 'version', seq, 'updated_at', ARGV[13], 'updated_by', user, 'items', items, 'bytes', bytes)
if creating then
  redis.call('HSET', record, 'owner', on_behalf_of, 'created_at', ARGV[13])
  redis.call('HSET', roles, user, 'write')
  redis.call('HSET', roles, on_behalf_of, 'owner')
end
local text, versions_text = whole(id, joined)
local numbers = ',"version":' .. seq .. ',"field_versions":' .. versions_text
local frame = ARGV[7] .. ',"full_trip_data":' .. text .. '}' .. numbers .. ARGV[8] .. seq .. '}'
local written = '{"version":' .. seq .. ',"written":[' .. table.concat(named, ',') .. ']'
  .. (creating and ',"trip":' .. text .. numbers .. '}' or '') .. '}'
redis.call('SET', answer, fingerprint .. ' ' .. written, 'PX', ARGV[12])
if conflict then
  redis.call('HSET', conflict, 'state', 'settled')
end
-- The same without the trip, and with the write before: the history can be seen to have no hole.
local past = ARGV[7] .. ',"version":' .. seq .. ',"previous":' .. (version or '0')
  .. (ARGV[18] ~= '' and ',"undoes":' .. ARGV[18] or '') .. ARGV[8] .. seq .. '}'
redis.call('XADD', KEYS[10], 'MAXLEN', '~', ARGV[17], seq .. '-0', 'write', past)
append(log, live, seq, epoch, frame, ARGV[10], ARGV[11])
return { 'written', written, version or '0', seq }
