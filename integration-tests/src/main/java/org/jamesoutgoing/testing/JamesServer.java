/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import com.google.inject.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.mail.internet.MimeMessage;
import org.apache.james.GuiceJamesServer;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.jmap.draft.JmapGuiceProbe;
import org.apache.james.modules.protocols.ImapGuiceProbe;
import org.apache.james.modules.protocols.SmtpGuiceProbe;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.utils.WebAdminGuiceProbe;
import org.jamesoutgoing.testing.JamesSetup.Queue;

/**
 * A James 3.8.1 in this JVM, with the drop-in JAR in its {@code extensions-jars/}. Several may run one after another;
 * share one in a test class, for starting takes seconds.
 *
 * <pre>{@code
 * try (JamesServer james = JamesServer.start(JamesSetup.james().user("alice@james.test", "secret"))) {
 *     james.send("alice@james.test", "bob@example.org");
 *     …
 * }
 * }</pre>
 */
public final class JamesServer implements AutoCloseable {

    private final GuiceJamesServer server;
    private final JamesInsight insight;
    private final Path workingDirectory;
    private final HttpClient http = HttpClient.newHttpClient();
    private boolean isOwnDirectory;

    /** Starts a server in a working directory of its own, which is removed when it is closed. */
    public static JamesServer start(JamesSetup setup, Module... more) throws Exception {
        Path own = Files.createTempDirectory("james-");
        try {
            JamesServer james = start(setup, own, more);
            james.isOwnDirectory = true;
            return james;
        } catch (Throwable e) {
            remove(own);
            throw e;
        }
    }

    /** Starts a server over a working directory, with what an earlier one left there. */
    public static JamesServer start(JamesSetup setup, Path workingDirectory, Module... more) throws Exception {
        setup.writeTo(workingDirectory);
        return startPrepared(workingDirectory, setup.queue(), setup.users(), more);
    }

    /**
     * Starts a server over a working directory as it is: {@code conf/} and {@code extensions-jars/} are there.
     *
     * @param users address to password; the memory flavour forgets them at each stop
     */
    public static JamesServer startPrepared(
            Path workingDirectory, Queue queue, Map<String, String> users, Module... more) throws Exception {
        GuiceJamesServer server = MemoryFlavour.create(workingDirectory, queue, more);
        try {
            server.start();
            JamesInsight insight = server.getProbe(JamesInsight.class);
            insight.addUsers(users);
            return new JamesServer(server, insight, workingDirectory);
        } catch (Throwable e) {
            server.stop();
            throw e;
        }
    }

    /** For {@link #start}: James resolves through this service instead of its own. */
    public static Module dns(DNSService service) {
        return binder -> binder.bind(DNSService.class).toInstance(service);
    }

    private JamesServer(GuiceJamesServer server, JamesInsight insight, Path workingDirectory) {
        this.server = server;
        this.insight = insight;
        this.workingDirectory = workingDirectory;
    }

    public Path workingDirectory() {
        return workingDirectory;
    }

    public int smtpPort() {
        return server.getProbe(SmtpGuiceProbe.class).getSmtpPort().getValue();
    }

    public int imapPort() {
        return server.getProbe(ImapGuiceProbe.class).getImapPort();
    }

    public int webadminPort() {
        return server.getProbe(WebAdminGuiceProbe.class).getWebAdminPort().getValue();
    }

    public int jmapPort() {
        return server.getProbe(JmapGuiceProbe.class).getJmapPort().getValue();
    }

    /** Sends a short text by SMTP. */
    public void send(String sender, String... recipients) throws IOException {
        try (SmtpSender smtp = smtp()) {
            smtp.send(sender, List.of(recipients), TestMessage.text(sender, "test", "Hello.\r\n"));
        }
    }

    /** A connection to this server to send more than one mail, or something unusual. */
    public SmtpSender smtp() throws IOException {
        return SmtpSender.connect("127.0.0.1", smtpPort());
    }

    /** What lies in the user's inbox, oldest first. */
    public List<MimeMessage> inbox(String user) throws Exception {
        return insight.inbox(user);
    }

    /** The same queue that the mailets use. */
    public ManageableMailQueue queue(String name) {
        return insight.queue(name);
    }

    /** The keys in a mail repository, for example {@code durable://var/mail/error/}. */
    public List<String> repositoryKeys(String url) throws Exception {
        return insight.repositoryKeys(url);
    }

    /** Anything that James's injector knows (not what the extension's own modules bind). */
    public <T> T get(Class<T> type) {
        return insight.get(type);
    }

    /** Calls webadmin; an empty body is none. */
    public HttpResponse<String> webadmin(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webadminPort() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    public HttpResponse<String> webadmin(String method, String path) throws Exception {
        return webadmin(method, path, "");
    }

    /** Posts a JMAP (RFC 8621) request. */
    public HttpResponse<String> jmap(String user, String password, String body) throws Exception {
        String credentials =
                Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + jmapPort() + "/jmap"))
                .header("Authorization", "Basic " + credentials)
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.stop();
        if (isOwnDirectory) {
            remove(workingDirectory);
        }
    }

    private static void remove(Path directory) {
        try {
            TemporaryFiles.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            // James has threads that write after its end; then something is left for the system to remove.
        }
    }
}
