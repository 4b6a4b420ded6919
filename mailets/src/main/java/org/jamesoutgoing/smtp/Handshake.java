/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * From a TCP connection to a session, in the order of the RFCs: greeting (5321 §3.1), {@code EHLO} (§3.2), {@code STARTTLS}
 * and {@code EHLO} again (3207), {@code AUTH} (4954).
 *
 * <p>Confined to the connection's event loop. Exactly one of the two callbacks is called.
 */
final class Handshake implements Connection.Owner {

    /**
     * What a session is made of.
     *
     * @param fallback why it is in plaintext although TLS was offered and wanted
     */
    record Opened(
            Connection connection,
            Capabilities capabilities,
            Optional<String> tls,
            Optional<PlaintextFallback> fallback) {}

    private final SmtpHost host;
    private final ConnectionSettings settings;
    private final TlsEngines tlsEngines;
    private final BlockingCalls calls;
    private final Stopwatch.Phase tlsTime;
    private final Consumer<Opened> onOpened;
    private final BiConsumer<ConnectionFailure, Boolean> onFailure;

    private Connection connection;
    private Capabilities capabilities = Capabilities.NONE;
    private Optional<String> tls = Optional.empty();
    private Optional<PlaintextFallback> fallback;
    private boolean greeted;
    private boolean ehloAfterTls;

    /**
     * @param fallback present: leave out opportunistic TLS, for its handshake has failed before
     * @param calls where the secret is read
     * @param tlsTime is told when TLS handshakes begin and end
     * @param onFailure with whether the host had taken our EHLO
     */
    Handshake(
            SmtpHost host,
            ConnectionSettings settings,
            Optional<PlaintextFallback> fallback,
            TlsEngines tlsEngines,
            BlockingCalls calls,
            Stopwatch.Phase tlsTime,
            Consumer<Opened> onOpened,
            BiConsumer<ConnectionFailure, Boolean> onFailure) {
        this.host = host;
        this.settings = settings;
        this.fallback = fallback;
        this.tlsEngines = tlsEngines;
        this.calls = calls;
        this.tlsTime = tlsTime;
        this.onOpened = onOpened;
        this.onFailure = onFailure;
    }

    /** Starts, on a connected channel; for implicit TLS its handler is in the pipeline already. */
    void begin(Connection newConnection, Optional<SslHandler> implicitTls) {
        connection = newConnection;
        connection.allowance(settings.limits().maxBytesBeforeTls());
        if (implicitTls.isPresent()) {
            tlsTime.begin();
            connection.awaitTls(implicitTls.get(), handler -> {
                tlsTime.end();
                tls = Optional.of(TlsEngines.describe(handler));
                awaitGreeting();
            });
        } else {
            awaitGreeting();
        }
    }

    // ---- greeting

    private void awaitGreeting() {
        connection.queue(Command.octets(
                TransactionStage.GREETING,
                "the connection",
                Unpooled.EMPTY_BUFFER,
                settings.timeouts().greeting(),
                this::onGreeting));
        connection.flush();
    }

    private void onGreeting(Reply reply) {
        // RFC 7504 §4: 521 is a host that takes no mail at all; another address of it may be another machine.
        if (reply.positive()) {
            ehlo();
        } else {
            refused(TransactionStage.GREETING, "the host's greeting", reply);
        }
    }

    // ---- EHLO, HELO

    private void ehlo() {
        send(TransactionStage.EHLO, "EHLO", "EHLO " + ourName(), this::onEhlo);
    }

    private void onEhlo(Reply reply) {
        ehloAfterTls = false;
        if (reply.positive()) {
            greeted = true;
            capabilities = Capabilities.of(reply, settings.ignoredExtensions());
            afterEhlo();
        } else if (reply.permanentFailure() && tls.isEmpty()) {
            // RFC 5321 §3.2: a host from before 1995.
            send(TransactionStage.EHLO, "HELO", "HELO " + ourName(), this::onHelo);
        } else {
            refused(TransactionStage.EHLO, "EHLO refused", reply);
        }
    }

    private void onHelo(Reply reply) {
        if (reply.positive()) {
            greeted = true;
            afterEhlo();
        } else {
            refused(TransactionStage.EHLO, "HELO refused", reply);
        }
    }

    private String ourName() {
        return EhloName.of(settings.heloName(), connection.localAddress());
    }

    private void afterEhlo() {
        TlsMode mode = settings.tls().mode();
        if (tls.isPresent() || mode == TlsMode.NONE || fallback.isPresent()) {
            authenticate();
        } else if (capabilities.startTls()) {
            send(TransactionStage.TLS, "STARTTLS", "STARTTLS", this::onStartTls);
        } else if (mode.mandatory()) {
            connection.fail(
                    ConnectionFailure.of(TransactionStage.TLS, "TLS is required and the host does not offer STARTTLS"));
        } else {
            authenticate();
        }
    }

    // ---- STARTTLS

    private void onStartTls(Reply reply) {
        if (reply.positive()) {
            startTls();
        } else if (settings.tls().mode().mandatory()) {
            refused(TransactionStage.TLS, "TLS is required and the host refused STARTTLS", reply);
        } else {
            fallback = Optional.of(new PlaintextFallback("STARTTLS refused: " + reply));
            authenticate();
        }
    }

    private void startTls() {
        SslHandler handler;
        try {
            handler =
                    tlsEngines.handler(host, settings.tls(), settings.timeouts().tls());
        } catch (IllegalArgumentException e) {
            connection.fail(ConnectionFailure.of(TransactionStage.TLS, e));
            return;
        }
        tlsTime.begin();
        connection.startTls(handler, this::onTls);
    }

    private void onTls(SslHandler handler) {
        tlsTime.end();
        tls = Optional.of(TlsEngines.describe(handler));
        connection.allowance(Long.MAX_VALUE);
        // RFC 3207 §4.2: nothing that was learnt before counts.
        capabilities = Capabilities.NONE;
        ehloAfterTls = true;
        ehlo();
        connection.flush();
    }

    // ---- AUTH

    private void authenticate() {
        if (settings.credentials().isEmpty()) {
            opened();
        } else if (tls.isEmpty() && !settings.cleartextAuth()) {
            connection.fail(
                    ConnectionFailure.of(TransactionStage.AUTH, "no AUTH without TLS: the password would be readable"));
        } else {
            Credentials credentials = settings.credentials().get();
            new Authentication(connection, credentials, settings.timeouts(), calls, this::opened).begin(capabilities);
        }
    }

    // ---- the ends

    private void opened() {
        connection.allowance(Long.MAX_VALUE);
        connection.awaitNothing();
        connection.pipelining(capabilities.pipelining());
        onOpened.accept(new Opened(connection, capabilities, tls, fallback));
    }

    private void send(TransactionStage stage, String name, String line, Consumer<Reply> onReply) {
        connection.queue(Command.line(stage, name, line, settings.timeouts().helo(), onReply)
                .endingGroup());
    }

    private void refused(TransactionStage stage, String what, Reply reply) {
        connection.fail(ConnectionFailure.of(stage, what, reply));
    }

    @Override
    public void lost(ConnectionFailure failure) {
        tlsTime.end();
        // A host whose TLS does not work may notice only after the handshake (TLS 1.3), and say so by closing.
        boolean tlsBroken = ehloAfterTls && failure.reply().isEmpty();
        ConnectionFailure told = tlsBroken ? failure.at(TransactionStage.TLS) : failure;
        onFailure.accept(fallback.map(plaintext -> plaintext.with(told)).orElse(told), greeted);
    }
}
