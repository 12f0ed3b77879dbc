-- Keep an invitation to a trip, or withdraw one. Those that have expired are forgotten on the way.
--
-- KEYS  1 record  2 roles  3 invitations  4 how often each was taken  5 answer to this request
-- ARGV  1 user  2 id of the invitation  3 its life, ms, or 0 to withdraw it  4 its JSON  5 most invitations
--       6 what to keep as the answer, up to when it expires, or '' for a request without a key
--       7 life of the answer, ms
-- Returns {status, when it expires, ms}; 'answered' where this was done before.

local invitations, taken, now = KEYS[3], KEYS[4], now_ms()

if ARGV[6] ~= '' and redis.call('EXISTS', KEYS[5]) == 1 then
  return { 'answered', '0' }
end
local refusal = may(KEYS[2], ARGV[1], 'admin')
if refusal == 'not_found' then
  return { refusal, '0' }
end
if redis.call('HGET', KEYS[1], 'deleted') then
  return { 'gone', '0' }
end
if refusal then
  return { refusal, '0' }
end
if ARGV[3] == '0' then
  redis.call('HDEL', taken, ARGV[2])
  return { redis.call('HDEL', invitations, ARGV[2]) == 1 and 'done' or 'unknown', '0' }
end
local flat = redis.call('HGETALL', invitations)
for at = 1, #flat, 2 do
  if tonumber(string.match(flat[at + 1], '^%d+')) <= now then
    redis.call('HDEL', invitations, flat[at])
    redis.call('HDEL', taken, flat[at])
  end
end
if redis.call('HLEN', invitations) >= tonumber(ARGV[5]) then
  return { 'full', '0' }
end
local expires = whole_number(now + ARGV[3])
redis.call('HSET', invitations, ARGV[2], expires .. ' ' .. ARGV[4])
if ARGV[6] ~= '' then
  redis.call('SET', KEYS[5], ARGV[6] .. ',"expires":' .. expires .. '}', 'PX', ARGV[7])
end
return { 'done', expires }
