/** What counts as one client: an IPv4 address, or an IPv6 /64, in which a client has more addresses than could be counted. */
export function networkOf(ip: string): string {
  if (!ip.includes(":")) return ip;
  const [head = "", tail] = ip.split("::");
  const groups = head.split(":");
  if (tail === undefined) return groups.slice(0, 4).join(":");
  const missing = Math.max(0, 8 - groups.length - (tail === "" ? 0 : tail.split(":").length));
  return [...groups, ...new Array<string>(missing).fill("0"), ...tail.split(":")].slice(0, 4).join(":");
}
