/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Whether a test's real peers are there. With {@code -Dpeers=required}, as {@code .ci/run} has it, a missing peer is an
 * error, so that no such test is skipped unseen; with {@code -Dpeers=absent} every peer is missing, see {@link Peer}.
 */
final class PeerCondition implements ExecutionCondition {

    private static final Map<Class<? extends Annotation>, Peer> PEERS = Map.of(
            NeedsDnsServer.class, Peer.NSD,
            NeedsPostfix.class, Peer.POSTFIX,
            NeedsSasl.class, Peer.POSTFIX_WITH_SASL,
            NeedsExim.class, Peer.EXIM,
            NeedsOpenSmtpd.class, Peer.OPENSMTPD,
            NeedsPython.class, Peer.PYTHON);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        AnnotatedElement test = context.getElement().orElseThrow();
        List<String> missing = new ArrayList<>();
        PEERS.forEach((need, peer) -> {
            if (test.isAnnotationPresent(need) && !peer.isThere()) {
                missing.add(peer.description());
            }
        });
        if (test.isAnnotationPresent(NeedsLowPorts.class) && !lowPorts()) {
            missing.add("the right to listen on ports below 1024");
        }
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("all peers are there");
        }
        String needs = "needs " + String.join("; ", missing);
        if ("required".equals(System.getProperty("peers"))) {
            throw new IllegalStateException(needs);
        }
        // Maven tells how many were skipped, not why.
        System.out.println("Skipped: " + context.getRequiredTestClass().getName() + " " + needs
                + "; 'sudo .ci/peers' installs all peers");
        return ConditionEvaluationResult.disabled(needs);
    }

    /** Port 1 on an address that nothing else uses tells it without being in anyone's way. */
    private static boolean lowPorts() {
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true); // another process may ask the same at this moment
            socket.bind(new InetSocketAddress("127.1.1.1", 1));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
