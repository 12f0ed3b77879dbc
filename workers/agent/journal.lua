-- Add one decision to a turn's journal, if no later attempt has begun.
--
-- KEYS  1 fence of the turn  2 journal
-- ARGV  1 fencing token  2 entry  3 life of the journal, ms
-- Returns 1, or 0 when it is refused.

local highest = redis.call('GET', KEYS[1])
if highest and tonumber(ARGV[1]) < tonumber(highest) then
  return 0
end
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
