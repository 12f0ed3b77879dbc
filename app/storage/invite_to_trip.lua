-- Keep an invitation to a trip, or withdraw one. Those that have expired are forgotten on the way.
--
-- KEYS  1 record  2 roles  3 invitations  4 how often each was taken
-- ARGV  1 user  2 id of the invitation  3 its life, ms, or 0 to withdraw it  4 its JSON  5 most invitations
-- Returns {status, when it expires, ms}.

local invitations, taken, now = KEYS[3], KEYS[4], now_ms()

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
return { 'done', expires }
