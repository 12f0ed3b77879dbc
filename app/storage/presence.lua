-- What every script of a trip's presence shares, behind what those of a trip share.
-- `here` and `editing` are scored by when they expire, in milliseconds of this server's clock: no gateway's
-- clock counts. `tabs` is the JSON of each connection, `editors` who edits a field: `CONNECTION USER`.

local function whole_number(number)
  return string.format('%.0f', number)
end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function connection_of(editor)
  return string.match(editor, '^%S+')
end

-- Whether the user has a connection on the trip, one that has expired and was not swept included.
local function is_here(here, tabs, user)
  local flat = redis.call('HGETALL', tabs)
  for at = 1, #flat, 2 do
    if cjson.decode(flat[at + 1]).user_id == user and redis.call('ZSCORE', here, flat[at]) then
      return true
    end
  end
  return false
end

-- Frees the fields that `over(connection, field, user)` is true for; adds each as field, editor to `freed`.
local function free_fields(editing, editors, over, freed)
  local flat = redis.call('HGETALL', editors)
  for at = 1, #flat, 2 do
    local connection, user = string.match(flat[at + 1], '^(%S+) (.*)$')
    if over(connection, flat[at], user) then
      redis.call('ZREM', editing, flat[at])
      redis.call('HDEL', editors, flat[at])
      freed[#freed + 1] = flat[at]
      freed[#freed + 1] = flat[at + 1]
    end
  end
  return freed
end
