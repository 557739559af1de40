// The third client: prints the table through node-routeros, again and again, and prints rows and
// CPU seconds. Arguments: address:port and seconds.
const { RouterOSAPI } = require('node-routeros');

async function main() {
  const [address, seconds] = process.argv.slice(2);
  const [host, port] = address.split(':');
  const api = new RouterOSAPI({ host, port: Number(port), user: 'bench', password: 'bench' });
  await api.connect();
  await api.write('/ip/arp/print');
  const start = performance.now();
  const cpu = process.cpuUsage();
  let rows = 0;
  while (performance.now() - start < Number(seconds) * 1000) {
    rows += (await api.write('/ip/arp/print')).length;
  }
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${rows} ${(user + system) / 1e6}`);
  process.exit(0);
}

main();
