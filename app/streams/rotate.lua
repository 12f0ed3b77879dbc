-- Give a stream whose history was lost a new epoch, once, however many processes notice.
--
-- KEYS  1 meta
-- ARGV  1 the epoch that is lost  2 its successor
-- Returns the epoch now, or false for a stream that has none.

local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch == ARGV[1] then
  epoch = ARGV[2]
  redis.call('HSET', KEYS[1], 'epoch', epoch)
end
return epoch
