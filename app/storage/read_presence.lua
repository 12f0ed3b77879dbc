-- A gateway renews its connections, tells what changed of them, and reads who is on the trip.
--
-- KEYS  1 here  2 tabs  3 editing  4 editors  5 presence channel
-- ARGV  1 gateway  2 life of a connection, ms  3 number of connections to renew  4... these
--       then for each that changed: connection, its JSON
-- Returns {those to renew that are not here, those that have expired as id, JSON, ...,
--          the others as id, JSON, ..., field, editor, ..., ms until something expires or -1}.

local here, tabs, editing, editors = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, mine = now_ms(), tonumber(ARGV[3])
local until_then = whole_number(now + ARGV[2])
local missing, changed = {}, false

for at = 4, 3 + mine do
  if redis.call('ZSCORE', here, ARGV[at]) then
    redis.call('ZADD', here, until_then, ARGV[at])
  else
    missing[#missing + 1] = ARGV[at]
  end
end
for at = 4 + mine, #ARGV, 2 do
  if redis.call('ZSCORE', here, ARGV[at]) then
    redis.call('HSET', tabs, ARGV[at], ARGV[at + 1])
    changed = true
  end
end
if changed then
  redis.call('SPUBLISH', KEYS[5], ARGV[1])
end

local known, expired, living, due = pairs_of(redis.call('HGETALL', tabs)), {}, {}, nil
local scored = redis.call('ZRANGE', here, 0, -1, 'WITHSCORES')
for at = 1, #scored, 2 do
  local list = tonumber(scored[at + 1]) <= now and expired or living
  list[#list + 1] = scored[at]
  list[#list + 1] = known[scored[at]]
end
for _, set in ipairs({ here, editing }) do
  local first = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
  if first[2] then
    due = math.min(due or math.huge, math.max(0, tonumber(first[2]) - now))
  end
end
return { missing, expired, living, redis.call('HGETALL', editors), due or -1 }
