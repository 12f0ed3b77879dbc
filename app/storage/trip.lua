-- What every script of a trip shares, behind what those of a stream share.

local ROLES = { read = 1, write = 2, admin = 3, owner = 4 }

local function may(roles, user, needed)
  local role = redis.call('HGET', roles, user)
  if not role then
    return 'not_found'
  end
  return ROLES[role] < ROLES[needed] and 'forbidden' or nil
end

-- The place of the next event. Should the stream have lost its numbers, they go on above the trip's versions
-- under a new epoch, because versions never fall.
local function next_place(meta, log, record, candidate)
  local epoch = epoch_of(meta, log, candidate)
  local version = tonumber(redis.call('HGET', record, 'version') or '0')
  if tonumber(redis.call('HGET', meta, 'seq')) < version then
    epoch = candidate
    redis.call('DEL', log)
    redis.call('HSET', meta, 'epoch', epoch, 'seq', string.format('%.0f', version))
  end
  return string.format('%.0f', redis.call('HINCRBY', meta, 'seq', 1)), epoch
end

local function append(log, live, seq, epoch, frame, kept, log_life)
  redis.call('XADD', log, 'MAXLEN', '~', kept, seq .. '-0', 'frame', frame)
  redis.call('PEXPIRE', log, log_life)
  redis.call('SPUBLISH', live, seq .. ' ' .. epoch .. ' ' .. frame)
end

local function pairs_of(flat)
  local found = {}
  for at = 1, #flat, 2 do
    found[flat[at]] = flat[at + 1]
  end
  return found
end

-- A trip's JSON is kept in pieces, so that a write joins no more than the collections that it changes. For each
-- collection there is a piece of values and one of versions; but for the first, those of versions begin with
-- a comma where they are not empty.
local PLAIN = { 'name', 'start_date', 'end_date', 'travellers', 'budget', 'currency', 'notes', 'tags', 'offers' }
local COLLECTIONS = { 'plain', 'stops', 'days', 'activities', 'custom' }
local PIECES = { 'plain', 'stops', 'days', 'activities', 'custom',
  'plain versions', 'stops versions', 'days versions', 'activities versions', 'custom versions' }

local function collection_of(field)
  return string.match(field, '^(%a+)/') or 'plain'
end

-- `texts` as members of an object. A name is the field's from `start` on.
local function members(fields, texts, start)
  local joined = {}
  for at, field in ipairs(fields) do
    joined[at] = '"' .. string.sub(field, start) .. '":' .. texts[at]
  end
  return table.concat(joined, ',')
end

local function join_plain(data, versions)
  return members(PLAIN, redis.call('HMGET', data, unpack(PLAIN)), 1),
    members(PLAIN, redis.call('HMGET', versions, unpack(PLAIN)), 1)
end

-- Items by (position, id), as `order` has them. The names of the stops are the destinations.
local function join_items(collection, data, versions, order)
  local fields, values, numbers = redis.call('ZRANGE', order, 0, -1), {}, ''
  if #fields > 0 then
    values = redis.call('HMGET', data, unpack(fields))
    numbers = ',' .. members(fields, redis.call('HMGET', versions, unpack(fields)), 1)
  end
  if collection == 'custom' then
    return '"custom":{' .. members(fields, values, #'custom/' + 1) .. '}', numbers
  end
  local text = '"' .. collection .. '":[' .. table.concat(values, ',') .. ']'
  if collection == 'stops' then
    local names = {}
    for at, field in ipairs(fields) do
      names[at] = redis.call('HGET', data, 'destinations/' .. string.sub(field, #'stops/' + 1))
    end
    text = '"destinations":[' .. table.concat(names, ',') .. '],' .. text
    numbers = ',"destinations":' .. redis.call('HGET', versions, 'destinations') .. numbers
  end
  return text, numbers
end

-- The trip as JSON without its last brace, and its versions.
local function whole(id, joined)
  local pieces = redis.call('HMGET', joined, unpack(PIECES))
  return '{"id":"' .. id .. '",' .. table.concat(pieces, ',', 1, #COLLECTIONS),
    '{' .. table.concat(pieces, '', #COLLECTIONS + 1) .. '}'
end
