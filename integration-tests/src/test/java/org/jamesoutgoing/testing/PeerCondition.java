/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.lang.reflect.AnnotatedElement;
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
        if (test.isAnnotationPresent(NeedsDnsServer.class) && !DnsServer.available()) {
            return missing("NSD (Debian: nsd)");
        }
        return ConditionEvaluationResult.enabled("all peers are there");
    }

    private static ConditionEvaluationResult missing(String peer) {
        if ("required".equals(System.getProperty("peers"))) {
            throw new IllegalStateException("needs " + peer);
        }
        return ConditionEvaluationResult.disabled("needs " + peer);
    }
}
