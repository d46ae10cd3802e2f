-- A member takes over entries of a dead one. Done again, it has the same answer.
-- KEYS: members, fence of this member, usage of this member, usage of the dead member
-- ARGV: this member, number of the last write it knows of, number of this write,
-- of each entry: field of the dead member, field of this member, value
-- Answers: state, number of the last write, fields of this member that it has now
if redis.call('EXISTS', KEYS[2]) == 1 then
  return { 'FENCED', '0' }
end
local written = tonumber(redis.call('HGET', KEYS[3], 'written') or '0')
if written < tonumber(ARGV[2]) or not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return { 'FORGOTTEN', '0' }
end
local answer = { 'MEMBER', ARGV[3] }
for i = 4, #ARGV, 3 do
  local mine = redis.call('HEXISTS', KEYS[3], ARGV[i + 1]) == 1
  if not mine and redis.call('HEXISTS', KEYS[4], ARGV[i]) == 1 then
    redis.call('HSET', KEYS[3], ARGV[i + 1], ARGV[i + 2])
    redis.call('HDEL', KEYS[4], ARGV[i])
    mine = true
  end
  if mine then
    answer[#answer + 1] = ARGV[i + 1]
  end
end
redis.call('HSET', KEYS[3], 'written', ARGV[3])
redis.call('EXPIRE', KEYS[3], 172800)
return answer
