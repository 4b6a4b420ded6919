/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Parts of James of which a test uses little: the methods that it names, nothing else. */
final class Stub {

    /** What a method answers, by its arguments. */
    interface Answer {
        Object to(Object... arguments) throws Exception;
    }

    private Stub() {}

    /** @param methods by name; all others throw */
    static <T> T of(Class<T> type, Map<String, Answer> methods) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Answer answer = methods.get(method.getName());
                    if (answer == null) {
                        throw new UnsupportedOperationException(type.getSimpleName() + "." + method.getName());
                    }
                    return answer.to(arguments == null ? new Object[0] : arguments);
                }));
    }
}
