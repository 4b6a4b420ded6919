/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

/** Somebody else was faster: what is there is not what was expected. */
public final class ChangedMeanwhileException extends Exception {
    private static final long serialVersionUID = 1;

    /** @param what such as {@code route example.com} */
    public ChangedMeanwhileException(String what) {
        super("the " + what + " was changed meanwhile, or is not there");
    }
}
