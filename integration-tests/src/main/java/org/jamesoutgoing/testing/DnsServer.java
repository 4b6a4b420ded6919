/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * A real DNS server (NSD) on the loopback interface that answers for the zones a test gives it; every other name does not
 * exist. It can be stopped and started again on the same port.
 *
 * <pre>{@code
 * try (DnsServer dns = DnsServer.on("127.0.0.1", FreePort.choose())
 *         .zone("example.org", "@ MX 10 mx1\nmx1 A 127.0.0.2\nmx1 AAAA ::1")
 *         .broken("broken.test")
 *         .start()) {
 *     …
 * }
 * }</pre>
 */
public final class DnsServer implements AutoCloseable {

    private static final Path NSD = Path.of("/usr/sbin/nsd");

    private final InetSocketAddress address;
    private final Path directory;
    private final Map<String, String> zones = new LinkedHashMap<>();
    private Process process;

    /** Whether this machine can run one. */
    static boolean available() {
        return Files.isExecutable(NSD);
    }

    /**
     * A server that is not started yet. James's own {@code dnsservice.xml} knows no port: for it, use 53 on any address
     * {@code 127.x.y.z} (needs root).
     */
    public static DnsServer on(String address, int port) throws IOException {
        return new DnsServer(new InetSocketAddress(address, port));
    }

    private DnsServer(InetSocketAddress address) throws IOException {
        this.address = address;
        this.directory = Files.createTempDirectory("nsd-");
        zones.put(".", zoneFile(""));
    }

    public InetSocketAddress address() {
        return address;
    }

    /** {@code host:port}, as {@code OutgoingDelivery} takes it. */
    public String hostAndPort() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /**
     * Adds or replaces a zone: records in master-file form, one a line, relative to the zone; SOA, NS and a TTL of 60
     * seconds come by themselves. A server that runs restarts with it.
     */
    public DnsServer zone(String domain, String records) throws IOException {
        return put(domain, zoneFile(records));
    }

    /** A zone that cannot be loaded: its names are answered with SERVFAIL. */
    public DnsServer broken(String domain) throws IOException {
        return put(domain, "");
    }

    /** Takes a zone away: its names do not exist any more. */
    public DnsServer without(String domain) throws IOException {
        zones.remove(domain);
        return restartIfRunning();
    }

    private DnsServer put(String domain, String file) throws IOException {
        zones.put(domain, file);
        return restartIfRunning();
    }

    private DnsServer restartIfRunning() throws IOException {
        if (process != null) {
            stop();
            start();
        }
        return this;
    }

    /** Starts it, or starts it again after {@link #stop}. */
    public DnsServer start() throws IOException {
        Peer.NSD.require();
        StringBuilder configuration = new StringBuilder(
                """
                server:
                  ip-address: %1$s@%2$d
                  username: ""
                  chroot: ""
                  zonesdir: "%3$s"
                  pidfile: ""
                  xfrdfile: "%3$s/xfrd.state"
                  zonelistfile: "%3$s/zone.list"
                  database: ""
                  server-count: 1
                  verbosity: 1
                  rrl-ratelimit: 0
                remote-control:
                  control-enable: no
                """
                        .formatted(address.getAddress().getHostAddress(), address.getPort(), directory));
        for (Map.Entry<String, String> zone : zones.entrySet()) {
            String name = zone.getKey().equals(".") ? "root.zone" : zone.getKey() + ".zone";
            Path file = directory.resolve(name);
            if (zone.getValue().isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                Files.writeString(file, zone.getValue());
            }
            configuration.append("zone:\n  name: \"%s\"\n  zonefile: \"%s\"\n".formatted(zone.getKey(), name));
        }
        Path configurationFile = Files.writeString(directory.resolve("nsd.conf"), configuration);
        process = new ProcessBuilder(NSD.toString(), "-d", "-c", configurationFile.toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        awaitAnswer();
        return this;
    }

    /** From now on nobody answers: a question meets a closed port. */
    public void stop() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    private void awaitAnswer() throws IOException {
        SimpleResolver resolver = resolver();
        Message question = Message.newQuery(Record.newRecord(Name.root, Type.SOA, DClass.IN));
        Instant deadline = Instant.now().plus(Patience.LIMIT);
        while (true) {
            try {
                if (resolver.send(question).getRcode() == 0) {
                    return;
                }
            } catch (IOException e) {
                if (Instant.now().isAfter(deadline) || !process.isAlive()) {
                    stop();
                    throw new IOException("NSD does not start: " + Files.readString(log()), e);
                }
            }
            Pause.millis(20);
        }
    }

    private SimpleResolver resolver() throws UnknownHostException {
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setTimeout(Duration.ofMillis(500));
        return resolver;
    }

    private Path log() {
        return directory.resolve("nsd.log");
    }

    private static String zoneFile(String records) {
        return "$TTL 60\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 1\n@ NS ns.test.\n" + records + "\n";
    }

    @Override
    public void close() throws IOException {
        stop();
        TemporaryFiles.delete(directory);
    }
}
