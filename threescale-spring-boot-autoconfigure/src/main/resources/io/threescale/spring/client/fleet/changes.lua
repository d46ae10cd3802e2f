-- Members tell each other of applications of which 3scale says something else than before.
-- KEYS: changes
-- ARGV: this member, id of the last change it has read, then each application to tell of
-- Answers: id of the last change, then each application that another member has told of since
local KEPT = 3600 -- seconds, far longer than anybody goes by what 3scale said

for i = 3, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', 1000, '*', ARGV[1], ARGV[i])
  redis.call('EXPIRE', KEYS[1], KEPT)
end
local answer = { ARGV[2] }
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+')) do
  local id, fields = entry[1], entry[2]
  answer[1] = id
  if fields[1] ~= ARGV[1] then
    answer[#answer + 1] = fields[2]
  end
end
return answer
