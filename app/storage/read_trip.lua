-- A trip at one moment.
--
-- KEYS  1 meta  2 log  3 record  4 roles  5 values  6 versions  7 order  8 answer to look for
-- ARGV  1 id of the trip  2 user  3 epoch candidate
-- Returns {status, role, stored answer or '', version, JSON of the trip, values, versions, epoch, seq, who wrote last,
--          when, s}.

local known = pairs_of(redis.call('HGETALL', KEYS[3]))
local answered = redis.call('GET', KEYS[8]) or ''
local role = redis.call('HGET', KEYS[4], ARGV[2]) or ''
if known.deleted or not known.version or role == '' then
  local status = (known.deleted and role ~= '') and 'gone' or 'not_found'
  return { status, role, answered, '0', '', {}, {}, '', '0', '', '0' }
end
local flat = redis.call('HGETALL', KEYS[5])
local versions = redis.call('HGETALL', KEYS[6])
local text = whole(ARGV[1], pairs_of(flat), redis.call('ZRANGE', KEYS[7], 0, -1))
local trip = text .. ',"version":' .. known.version .. ',"field_versions":' .. versions_json(versions) .. '}'
local epoch = epoch_of(KEYS[1], KEYS[2], ARGV[3])
local seq = redis.call('HGET', KEYS[1], 'seq')
return { 'found', role, answered, known.version, trip, flat, versions, epoch, seq, known.updated_by, known.updated_at }
