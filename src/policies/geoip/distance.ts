/** A place on the Earth, in degrees. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The Earth's mean radius (IUGG). */
const EARTH_RADIUS_KM = 6371.0088;

/** The way along the surface of a round Earth, by the haversine formula: within half a percent of the real one. */
export function distanceKm(from: Place, to: Place): number {
  const havLatitude = haversine(to.latitude - from.latitude);
  const havLongitude = haversine(to.longitude - from.longitude);
  const hav = havLatitude + cosine(from.latitude) * cosine(to.latitude) * havLongitude;
  // Rounding must not lead beyond the other side of the Earth.
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, hav)));
}

function haversine(degrees: number): number {
  return Math.sin(radians(degrees) / 2) ** 2;
}

function cosine(degrees: number): number {
  return Math.cos(radians(degrees));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
