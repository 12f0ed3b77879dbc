-- Give, change or take away what people may do, in one step with the events that say so; or delete the trip.
-- Who loses something is gone in the same step from where it was needed: presence, edited fields, invitations.
--
-- KEYS  1 meta  2 log  3 live channel  4 record  5 roles  6 here  7 tabs  8 editing  9 editors
--       10 presence channel  11 invitations  12 how often each was taken  13 who is barred from them
--       14 answer to this request  15... keys that go with a deleted trip
-- ARGV  1 user  2 role that the user must have, or 'invited'  3 'share' or 'delete'  4 epoch candidate
--       5 events kept  6 life of the log, ms  7 most people  8 invitation, or ''
--       9 what to keep as the answer, or '' for a request without a key  10 life of the answer, ms
--       then for each: user, role that must still be or '', new role or '', event up to its seq
-- Returns {status, {field, editor, ...} that are free}; 'answered' where this was done before.
-- A deleted trip keeps its roles, so that those who could open it learn that it is gone.
--
-- Every check comes before the first write, because Redis does not roll a failed script back.

local meta, log, live, record, roles = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local here, tabs, editing, editors = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local invitations, taken, barred = KEYS[11], KEYS[12], KEYS[13]
local by, deleting, invitation = ARGV[1], ARGV[3] == 'delete', ARGV[8]

-- Why an invitation does not give the user this role; nil if it does.
local function turned_away(user, role)
  local kept = redis.call('HGET', invitations, invitation)
  if not kept then
    return 'unknown'
  end
  local expires, json = string.match(kept, '^(%d+) (.*)$')
  local made = cjson.decode(json)
  if made.role ~= role then
    return 'unknown'
  end
  if redis.call('SISMEMBER', barred, user) == 1 then
    return 'barred'
  end
  if tonumber(expires) <= now_ms() then
    return 'expired'
  end
  return tonumber(redis.call('HGET', taken, invitation) or '0') >= made.uses and 'used_up' or nil
end

local function rank(role)
  return ROLES[role] or 0
end

local function drop_invitations_of(user)
  local flat = redis.call('HGETALL', invitations)
  for at = 1, #flat, 2 do
    if cjson.decode(string.match(flat[at + 1], '^%d+ (.*)$')).by == user then
      redis.call('HDEL', invitations, flat[at])
      redis.call('HDEL', taken, flat[at])
    end
  end
end

local function drop_connections_of(user)
  local flat = redis.call('HGETALL', tabs)
  for at = 1, #flat, 2 do
    if cjson.decode(flat[at + 1]).user_id == user then
      redis.call('ZREM', here, flat[at])
      redis.call('HDEL', tabs, flat[at])
    end
  end
end

if ARGV[9] ~= '' and redis.call('EXISTS', KEYS[14]) == 1 then
  return { 'answered', {} }
end
local known = pairs_of(redis.call('HGETALL', record))
if not known.version and not known.deleted then
  return { 'not_found', {} }
end
local refusal
if ARGV[2] == 'invited' then
  refusal = known.deleted and 'unknown' or turned_away(by, ARGV[13])
else
  refusal = may(roles, by, ARGV[2])
  if known.deleted and refusal ~= 'not_found' then
    refusal = 'gone'
  end
end
if refusal then
  return { refusal, {} }
end
local people, owners = redis.call('HLEN', roles), 0
for at = 11, #ARGV, 4 do
  local before, after = ARGV[at + 1], ARGV[at + 2]
  if (redis.call('HGET', roles, ARGV[at]) or '') ~= before then
    return { 'moved', {} }
  end
  people = people + (before == '' and 1 or 0)
  owners = owners + (after == 'owner' and 1 or 0) - (before == 'owner' and 1 or 0)
end
if deleting and (#ARGV - 10) / 4 ~= people then
  return { 'moved', {} }
end
if not deleting and people > tonumber(ARGV[7]) then
  return { 'full', {} }
end
if not deleting and owners ~= 0 then
  return redis.error_reply('ERR a trip has one owner')
end

local freed = {}
for at = 11, #ARGV, 4 do
  local user, before, after = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local seq, epoch = next_place(meta, log, record, ARGV[4])
  if not deleting then
    if after == '' then
      redis.call('HDEL', roles, user)
    else
      redis.call('HSET', roles, user, after)
    end
    if after == 'owner' then
      redis.call('HSET', record, 'owner', user)
    end
    if user ~= by and rank(after) < rank(before) then
      redis.call('SADD', barred, user)
    elseif rank(after) > rank(before) then
      redis.call('SREM', barred, user)
    end
  end
  if rank(before) >= ROLES.admin and rank(after) < ROLES.admin then
    drop_invitations_of(user)
  end
  if rank(after) < ROLES.write then
    free_fields(editing, editors, function(_, _, editor)
      return editor == user
    end, freed)
  end
  if after == '' then
    drop_connections_of(user)
  end
  append(log, live, seq, epoch, ARGV[at + 3] .. seq .. '}', ARGV[5], ARGV[6])
end
redis.call('SPUBLISH', KEYS[10], '-')
if invitation ~= '' then
  redis.call('HINCRBY', taken, invitation, 1)
end
if ARGV[9] ~= '' then
  redis.call('SET', KEYS[14], ARGV[9], 'PX', ARGV[10])
end
if deleting then
  redis.call('HSET', record, 'deleted', '1')
  redis.call('DEL', invitations, taken, barred)
  for at = 15, #KEYS do
    redis.call('DEL', KEYS[at])
  end
end
return { 'done', freed }
