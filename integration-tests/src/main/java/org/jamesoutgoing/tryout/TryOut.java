/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.tryout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.james.ExtraProperties;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Repository;

/**
 * Starts a James 3.8.1 on fixed loopback ports and a receiving server, over a working directory that stays: what lies in
 * its queue or waiting room is delivered after the next start, also when this process was killed.
 *
 * <p>The configuration is copied from {@code conf/} at the first start, with three static routes more: mail for the example
 * domains goes to the receiving server. From then on the copy is the user's to change. The drop-in JAR is copied at each start.
 */
public final class TryOut {

    private static final int SMTP = 2525;
    private static final int IMAP = 1143;
    private static final int WEBADMIN = 8000;
    private static final int RECEIVER = 2526;

    private static final Map<String, String> USERS =
            new TreeMap<>(Map.of("alice@james.test", "secret", "bob@james.test", "secret"));

    /** Take the place of the sample's first tag. */
    private static final String EXAMPLE_ROUTES =
            """
            <!-- Of the try-out: these domains' mail goes to the receiving server that it brings along. -->
            <routes>
                <route domain="example.com"><relayHosts>127.0.0.1:%1$d</relayHosts></route>
                <route domain="example.net"><relayHosts>127.0.0.1:%1$d</relayHosts></route>
                <route domain="example.org"><relayHosts>127.0.0.1:%1$d</relayHosts></route>
            """
                    .formatted(RECEIVER);

    private TryOut() {}

    /** Takes the working directory. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath().normalize();
        requireFree(SMTP, IMAP, WEBADMIN, RECEIVER);
        prepare(directory);
        System.setProperty(
                "extra.props", directory.resolve("conf/jvm.properties").toString());
        ExtraProperties.initialize();
        ReceivingServer receiver = ReceivingServer.start("127.0.0.1", RECEIVER);
        new Recipients(System.out).joinTo(receiver);
        System.out.println("James is starting …");
        try {
            JamesServer james = JamesServer.startPrepared(directory, Queue.ACTIVEMQ, USERS);
            Runtime.getRuntime().addShutdownHook(new Thread(james::close));
        } catch (Exception e) {
            System.out.println(
                    "James does not start: " + rootCause(e) + "\nMore in " + directory.resolve("logs/james.log"));
            System.exit(1);
        }
        System.out.println(
                """

                James is ready.
                  SMTP      127.0.0.1:%d
                  IMAP      127.0.0.1:%d   users %s, password secret
                  webadmin  http://127.0.0.1:%d
                Mail for example.com, example.net and example.org goes to the receiving server on 127.0.0.1:%d,
                which shows here what it gets. It answers 450 to recipients whose name starts with "later" for
                %d seconds, and 550 to "nobody". Mail for other domains goes to their mail exchangers.
                Directory %s, log %s. Ctrl-C stops.
                """
                        .formatted(
                                SMTP,
                                IMAP,
                                String.join(", ", USERS.keySet()),
                                WEBADMIN,
                                RECEIVER,
                                Recipients.LATER.toSeconds(),
                                directory,
                                directory.relativize(directory.resolve("logs/james.log"))));
    }

    private static void prepare(Path directory) throws IOException {
        Path conf = directory.resolve("conf");
        if (!Files.exists(conf)) {
            Files.createDirectories(conf);
            for (Path file : Repository.confFiles()) {
                Files.copy(file, conf.resolve(file.getFileName()));
            }
            Path routes = conf.resolve("outgoing-routes.xml");
            Files.writeString(routes, Files.readString(routes).replace("<routes>\n", EXAMPLE_ROUTES));
        }
        Path jars = Files.createDirectories(directory.resolve("extensions-jars"));
        for (Path old : filesIn(jars)) {
            if (old.getFileName().toString().startsWith("james-outgoing-")) {
                Files.delete(old);
            }
        }
        Path jar = Repository.dropInJar();
        Files.copy(jar, jars.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void requireFree(int... ports) {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            } catch (IOException e) {
                System.out.println("Port " + port + " on 127.0.0.1 is in use: is another try-out running? Stop what"
                        + " listens there, then start again.");
                System.exit(1);
            }
        }
    }

    private static Throwable rootCause(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
