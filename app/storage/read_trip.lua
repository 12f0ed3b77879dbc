-- A trip at one moment.
--
-- KEYS  1 meta  2 log  3 record  4 roles  5 values  6 versions  7 joined  8 answer to look for
-- ARGV  1 id of the trip  2 user  3 epoch candidate  4 '1' to put its JSON together
-- Returns {status, role, stored answer or '', version, JSON of the trip or '', values, versions, epoch, seq, who wrote last,
--          when, s}.

local version, deleted, updated_by, updated_at =
  unpack(redis.call('HMGET', KEYS[3], 'version', 'deleted', 'updated_by', 'updated_at'))
local answered = redis.call('GET', KEYS[8]) or ''
local role = redis.call('HGET', KEYS[4], ARGV[2]) or ''
if deleted or not version or role == '' then
  local status = (deleted and role ~= '') and 'gone' or 'not_found'
  return { status, role, answered, '0', '', {}, {}, '', '0', '', '0' }
end
local trip = ''
if ARGV[4] == '1' then
  local text, numbers = whole(ARGV[1], KEYS[7])
  trip = text .. ',"version":' .. version .. ',"field_versions":' .. numbers .. '}'
end
local values, versions = redis.call('HGETALL', KEYS[5]), redis.call('HGETALL', KEYS[6])
local epoch = epoch_of(KEYS[1], KEYS[2], ARGV[3])
local seq = redis.call('HGET', KEYS[1], 'seq')
return { 'found', role, answered, version, trip, values, versions, epoch, seq, updated_by, updated_at }
