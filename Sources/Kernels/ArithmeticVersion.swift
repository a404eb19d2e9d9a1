/// The version of the arithmetic: of everything that decides the bits of a result, from the kernels to the order of sums.
///
/// Models, states and summaries name it. It changes with a release, on purpose, whenever equal configuration, data and seed
/// give other bits than before; see CONTRIBUTING.md.
public let arithmeticVersion = 1
