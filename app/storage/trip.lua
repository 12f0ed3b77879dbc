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

-- The trip as JSON without its last brace: values as they were stored, items by (position, id).
local COLLECTIONS = { 'stops', 'days', 'activities' }
local PLAIN = { 'name', 'start_date', 'end_date', 'travellers', 'budget', 'currency', 'notes', 'tags', 'offers' }

local function whole(id, values, order)
  local text = { '{"id":"' .. id .. '"' }
  for _, name in ipairs(PLAIN) do
    text[#text + 1] = '"' .. name .. '":' .. values[name]
  end
  local lists = { stops = {}, days = {}, activities = {}, custom = {}, destinations = {} }
  for _, name in ipairs(order) do
    local collection, item = string.match(name, '^(%a+)/(.*)$')
    local list = lists[collection]
    if collection == 'custom' then
      list[#list + 1] = '"' .. item .. '":' .. values[name]
    else
      list[#list + 1] = values[name]
    end
    if collection == 'stops' then
      lists.destinations[#lists.destinations + 1] = values['destinations/' .. item]
    end
  end
  text[#text + 1] = '"destinations":[' .. table.concat(lists.destinations, ',') .. ']'
  for _, collection in ipairs(COLLECTIONS) do
    text[#text + 1] = '"' .. collection .. '":[' .. table.concat(lists[collection], ',') .. ']'
  end
  text[#text + 1] = '"custom":{' .. table.concat(lists.custom, ',') .. '}'
  return table.concat(text, ',')
end

local function pairs_of(flat)
  local found = {}
  for at = 1, #flat, 2 do
    found[flat[at]] = flat[at + 1]
  end
  return found
end

local function versions_json(flat)
  local text = {}
  for at = 1, #flat, 2 do
    text[#text + 1] = '"' .. flat[at] .. '":' .. flat[at + 1]
  end
  return '{' .. table.concat(text, ',') .. '}'
end
