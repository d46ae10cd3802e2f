-- A member tells what it claims of the limits of one application, and claims more.
-- KEYS: members, claims of the application
-- ARGV: this member, sequence, what it takes for the time (milliseconds), then for each window: name, generation,
-- shown, asked at (0 for never), sure, possible, total sure, total possible, left, wish, asked (-1 if it may be asked
-- in any case), asked possible, begin of guard, end of guard. Without a window, the member leaves the application.
-- Answers: outcome, time, then for each window: shown, asked at, granted, room
--
-- A window has: shown, at (when 3scale was asked for that), and two upper bounds of what all have claimed since the
-- period began: level, and of that what is sure. Each answer of 3scale's is another bound: what it shows, and what it
-- may not show of any member. The lower one holds.
local IDLE = 600000      -- a window that nobody has claimed for so long is forgotten
local SHOWN_AFTER = 30000 -- what a member used that has left is shown by an answer asked for so much later
local SETTLE = 1000      -- clocks may differ by that, as an answer is only sure to show what is older than two seconds
local FIRST = 3
local FIELDS = 14

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local member = ARGV[1]
local sequence = tonumber(ARGV[2])

local members = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  members[name] = true
end
if not members[member] then
  return redis.error_reply('NOMEMBER this instance is not a member of the fleet')
end

local packed = redis.call('GET', KEYS[2])
local state = packed and cmsgpack.unpack(packed) or { sequences = {}, windows = {} }
local unknown = tonumber(ARGV[3]) > now or tonumber(ARGV[3]) < now - 2 * SETTLE
if sequence <= (state.sequences[member] or 0) or unknown then
  return { 'AGAIN', string.format('%.0f', now) }
end
state.sequences[member] = sequence
if (state.time or 0) > now + SETTLE then
  -- The clock went back, as at a failover: nobody can tell any more which answer of 3scale's is the latest
  state.windows = {}
end
state.time = now

local function bound(window)
  local sure, possible = window.shown, window.shown
  for name, claim in pairs(window.claims) do
    if not members[name] then
      claim.gone = claim.gone or now
    end
    if claim.gone and window.at >= claim.gone + SHOWN_AFTER then
      window.claims[name] = nil
    else
      sure = sure + claim.sure + claim.left
      possible = possible + claim.possible + claim.left
    end
  end
  window.sure = math.max(window.shown, math.min(window.sure, sure))
  window.level = math.max(window.shown, math.min(window.level, possible))
end

local function argument(i, field)
  return tonumber(ARGV[FIRST + (i - 1) * FIELDS + field])
end

local windows = {}
local refused = false
for i = 1, (#ARGV - FIRST) / FIELDS do
  local name = ARGV[FIRST + (i - 1) * FIELDS + 1]
  local shown, at = argument(i, 3), argument(i, 4)
  local claim = { generation = argument(i, 2), sure = argument(i, 5), possible = argument(i, 6),
    totalSure = argument(i, 7), totalPossible = argument(i, 8), left = argument(i, 9) }
  local window = state.windows[name]
  if not window then
    window = { shown = shown, at = at, sure = shown, level = shown, claims = {} }
    state.windows[name] = window
  elseif at > window.at then
    window.shown, window.at = shown, at
  end
  local before = window.claims[member]
  if before and before.generation == claim.generation then
    window.sure = window.sure + claim.totalSure + claim.left - before.totalSure - before.left
    window.level = window.level + claim.totalPossible + claim.left - before.totalPossible - before.left
  else
    window.sure = window.sure + claim.sure + claim.left
    window.level = window.level + claim.possible + claim.left
  end
  window.claims[member] = claim
  window.used = now
  bound(window)
  refused = refused or (argument(i, 11) >= 0 and window.sure > argument(i, 14))
  windows[i] = window
end

local answer = { refused and 'REFUSED' or 'CLAIMED', string.format('%.0f', now) }
for i, window in ipairs(windows) do
  local claim = window.claims[member]
  if refused then
    local asked, possible = math.max(0, argument(i, 11)), argument(i, 12)
    claim.sure, claim.totalSure, window.sure = claim.sure - asked, claim.totalSure - asked, window.sure - asked
    claim.possible, claim.totalPossible = claim.possible - possible, claim.totalPossible - possible
    window.level = window.level - possible
  end
  local room = math.max(0, argument(i, 13) - window.level)
  local granted = math.max(0, math.min(argument(i, 10) - claim.left, room))
  claim.left, window.sure, window.level = claim.left + granted, window.sure + granted, window.level + granted
  for _, value in ipairs({ window.shown, window.at, granted, room - granted }) do
    answer[#answer + 1] = string.format('%.0f', value)
  end
end

for name, window in pairs(state.windows) do
  local claim = window.claims[member]
  if #windows == 0 and claim then
    window.sure, window.level = window.sure - claim.left, window.level - claim.left
    claim.left = 0
    claim.gone = now
    window.used = now
  end
  if now - window.used > IDLE then
    state.windows[name] = nil
  end
end
for name in pairs(state.sequences) do
  if not members[name] then
    state.sequences[name] = nil
  end
end
redis.call('SET', KEYS[2], cmsgpack.pack(state), 'PX', IDLE)
return answer
