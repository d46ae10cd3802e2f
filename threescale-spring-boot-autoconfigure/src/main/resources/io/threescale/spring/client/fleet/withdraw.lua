-- A member takes out what it has adopted before, as Redis came back with older data.
-- KEYS: usage of the dead member, its fence
-- ARGV: fields
redis.call('SET', KEYS[2], '1', 'EX', 172800)
for i = 1, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[i])
end
return { 'MEMBER' }
