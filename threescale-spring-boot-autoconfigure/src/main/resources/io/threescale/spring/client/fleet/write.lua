-- A member writes usage, all or nothing.
-- KEYS: members, fence of this member, usage of this member
-- ARGV: this member, number of the last write it knows of, number of this write, '1' to begin anew,
-- number of entries, field and value of each entry, fields to be removed
-- Answers: state, number of the last write
if redis.call('EXISTS', KEYS[2]) == 1 then
  return { 'FENCED', '0' }
end
local written = tonumber(redis.call('HGET', KEYS[3], 'written') or '0')
if ARGV[4] == '1' then
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[1], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), ARGV[1])
  redis.call('DEL', KEYS[3])
elseif written < tonumber(ARGV[2]) or not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return { 'FORGOTTEN', '0' }
elseif written >= tonumber(ARGV[3]) then
  return { 'MEMBER', string.format('%.0f', written) }
end
local entries = 5 + 2 * tonumber(ARGV[5])
for i = 6, entries, 2 do
  redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
end
for i = entries + 1, #ARGV do
  redis.call('HDEL', KEYS[3], ARGV[i])
end
-- Removing must be possible when Redis is full
redis.pcall('HSET', KEYS[3], 'written', ARGV[3])
redis.call('EXPIRE', KEYS[3], 172800)
return { 'MEMBER', redis.call('HGET', KEYS[3], 'written') or '0' }
