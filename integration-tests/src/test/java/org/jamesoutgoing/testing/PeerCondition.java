/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Whether a test's real peers are there. With {@code -Dpeers=required}, as {@code .ci/run} has it, a missing peer is an
 * error, so that no such test is skipped unseen.
 */
final class PeerCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        AnnotatedElement test = context.getElement().orElseThrow();
        if (test.isAnnotationPresent(NeedsPostfix.class) && !PostfixServer.available()) {
            return missing("Postfix (Debian: postfix), run as root");
        }
        if (test.isAnnotationPresent(NeedsSasl.class) && !PostfixServer.saslAvailable()) {
            return missing("Postfix with AUTH (Debian: postfix, libsasl2-modules, sasl2-bin), run as root");
        }
        if (test.isAnnotationPresent(NeedsExim.class) && !EximServer.available()) {
            return missing("Exim (.ci/peers unpacks it), run as root");
        }
        if (test.isAnnotationPresent(NeedsOpenSmtpd.class) && !OpenSmtpdServer.available()) {
            return missing("OpenSMTPD (.ci/peers unpacks it), run as root");
        }
        if (test.isAnnotationPresent(NeedsDnsServer.class) && !DnsServer.available()) {
            return missing("NSD (Debian: nsd)");
        }
        if (test.isAnnotationPresent(NeedsLowPorts.class) && !lowPorts()) {
            return missing("the right to listen on ports below 1024");
        }
        return ConditionEvaluationResult.enabled("all peers are there");
    }

    /** Port 1 on an address that nothing else uses tells it without being in anyone's way. */
    private static boolean lowPorts() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.1.1.1", 1));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static ConditionEvaluationResult missing(String peer) {
        if ("required".equals(System.getProperty("peers"))) {
            throw new IllegalStateException("needs " + peer);
        }
        return ConditionEvaluationResult.disabled("needs " + peer);
    }
}
