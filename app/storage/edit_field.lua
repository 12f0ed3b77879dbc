-- A connection begins (or goes on, or ends) to edit a field; it edits one at a time.
--
-- KEYS  1 here  2 editing  3 editors  4 presence channel
-- ARGV  1 'start' or 'stop'  2 connection  3 user  4 field  5 life of the lease, ms
-- Returns {status, {field, editor, ...}}: 'started' with the fields that are free because of it, 'held' with
-- who has the field, 'stopped', or 'absent' for a connection that is not here or does not edit the field.

local here, editing, editors = KEYS[1], KEYS[2], KEYS[3]
local connection, field, now = ARGV[2], ARGV[4], now_ms()
if not redis.call('ZSCORE', here, connection) then
  return { 'absent', {} }
end
local editor = redis.call('HGET', editors, field)
local mine = editor and connection_of(editor) == connection
if ARGV[1] == 'stop' then
  if not mine then
    return { 'absent', {} }
  end
  redis.call('ZREM', editing, field)
  redis.call('HDEL', editors, field)
  redis.call('SPUBLISH', KEYS[4], '-')
  return { 'stopped', {} }
end
if editor and not mine and tonumber(redis.call('ZSCORE', editing, field) or '0') > now then
  return { 'held', { field, editor } }
end
local freed = free_fields(editing, editors, function(holder, each)
  return (holder == connection) ~= (each == field)
end, {})
redis.call('ZADD', editing, whole_number(now + ARGV[5]), field)
redis.call('HSET', editors, field, connection .. ' ' .. ARGV[3])
redis.call('SPUBLISH', KEYS[4], '-')
return { 'started', freed }
