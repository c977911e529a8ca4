# A toy Monte Carlo of the electromagnetic cascade that a cosmic photon starts in the air, particle by particle, in POSIX awk.
#
# A photon flies on until it makes a pair of an electron and a positron; each of those until it radiates a photon. How the energy is
# shared: evenly at random. How far they fly: exponential, with the mean X0 / 2; with such a share the cascade then grows as real ones
# do: its maximum lies deeper by one radiation length X0 for each factor e of energy (X0 ln 10 = 85 g/cm2 for each factor of ten).
# A particle below the critical energy stops multiplying and runs out. What is counted is the charged particles at each depth.
#
#   awk -v seed=17 -f shower.awk
# prints a line "shower SEED ENERGY_GEV FIRST_INTERACTION XMAX NMAX" and a line "DEPTH PARTICLES" for each step of 20 g/cm2.

BEGIN {
  X0 = 36.7            # radiation length of air, g/cm2
  CRITICAL = 0.0857    # critical energy of air, GeV
  STEP = 20            # g/cm2
  BINS = 50            # to 1000 g/cm2, about sea level
  SPLIT = X0 / 2       # mean flight of a particle, g/cm2

  # neighbouring seeds give alike first numbers in some awks: spread them, and let the generator warm up
  srand((seed + 1) * 7919 % 2147483647)
  for (i = 0; i < 50; i++) rand()

  # a power law as cosmic rays have it, between 100 GeV and 3 TeV
  LOWEST = 100; HIGHEST = 3000; INDEX = 1.7
  u = rand()
  energy = (LOWEST ^ -INDEX - u * (LOWEST ^ -INDEX - HIGHEST ^ -INDEX)) ^ (-1 / INDEX)

  # a stack of particles: energy, depth, charged or not
  top = 1
  e[1] = energy; x[1] = 0; charged[1] = 0
  first = -1
  while (top > 0) {
    E = e[top]; X = x[top]; C = charged[top]; top--
    step = -SPLIT * log(1 - rand())
    if (E < CRITICAL) {
      # runs out: a charged one by what is left of it, a photon is absorbed
      if (C) count(X, X + X0 * E / CRITICAL)
      continue
    }
    end = X + step
    if (first < 0) first = end
    if (C) count(X, end)
    if (end > STEP * BINS) continue
    share = rand()
    e[++top] = E * share;       x[top] = end; charged[top] = 1
    e[++top] = E * (1 - share); x[top] = end; charged[top] = C ? 0 : 1
  }

  most = 0
  for (i = 1; i <= BINS; i++) if (profile[i] > profile[most]) most = i
  # the top of the parabola through the highest point and its neighbours
  a = profile[most - 1]; b = profile[most]; c = profile[most + 1]
  shift = (a - 2 * b + c) < 0 ? (a - c) / (2 * (a - 2 * b + c)) : 0
  printf "shower %d %.3f %.1f %.1f %d\n", seed, energy, first, STEP * (most + shift), b
  for (i = 1; i <= BINS; i++) printf "%d %d\n", STEP * i, profile[i]
}

# a charged particle between two depths crosses the levels in between
function count(from, to,    i, last) {
  last = int(to / STEP)
  if (last > BINS) last = BINS
  for (i = int(from / STEP) + 1; i <= last; i++) profile[i]++
}
