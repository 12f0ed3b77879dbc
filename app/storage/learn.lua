-- Move what is known of how long tasks take towards what they took now.
--
-- KEYS  1 mean seconds by task
-- ARGV  1 weight of the newest (0 to 1)  2 how many tasks are kept  then name and seconds of each

for i = 3, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  if known then
    local mean = tonumber(known) + tonumber(ARGV[1]) * (tonumber(ARGV[i + 1]) - tonumber(known))
    redis.call('HSET', KEYS[1], ARGV[i], string.format('%.3f', mean))
  elseif redis.call('HLEN', KEYS[1]) < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
return 1
