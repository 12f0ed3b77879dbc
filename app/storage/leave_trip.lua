-- Connections leave a trip, with the fields that they edit; the person's last one is told of.
--
-- KEYS  1 meta  2 log  3 live  4 record  5 here  6 tabs  7 editing  8 editors  9 presence channel
-- ARGV  1 epoch candidate  2 events kept  3 life of the log, ms
--       4 '1' for only what has expired: these connections, and whatever field
--       5... for each connection: id, frame of the leave up to its seq, or '' to tell nobody
-- Returns {number of connections that left, {field, editor, ...}}.
--
-- Whoever removes a connection tells of it, in the same step: so it is told once.

local here, tabs, editing, editors = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local sweeping, now = ARGV[4] == '1', now_ms()
local left, freed = 0, {}

for at = 5, #ARGV, 2 do
  local connection, head = ARGV[at], ARGV[at + 1]
  local expires = redis.call('ZSCORE', here, connection)
  if expires and (not sweeping or tonumber(expires) <= now) then
    local tab = redis.call('HGET', tabs, connection)
    redis.call('ZREM', here, connection)
    redis.call('HDEL', tabs, connection)
    left = left + 1
    free_fields(editing, editors, function(holder) return holder == connection end, freed)
    if tab and head ~= '' and not is_here(here, tabs, cjson.decode(tab).user_id) then
      local seq, epoch = next_place(KEYS[1], KEYS[2], KEYS[4], ARGV[1])
      append(KEYS[2], KEYS[3], seq, epoch, head .. seq .. '}', ARGV[2], ARGV[3])
    end
  end
end
if sweeping then
  free_fields(editing, editors, function(_, field)
    return tonumber(redis.call('ZSCORE', editing, field) or '0') <= now
  end, freed)
end
if left > 0 or #freed > 0 then
  redis.call('SPUBLISH', KEYS[9], '-')
end
return { left, freed }
